from analysis.io.article import Article as Article
from analysis.io.article_tables import read_articles as read_articles
from analysis.io.dictionaries import load_dictionary as load_dictionary
from analysis.io.frame_codes import read_frame_codes as read_frame_codes
from analysis.io.sheets import Sheet as Sheet
from analysis.io.sheets import csv_bytes as csv_bytes
from analysis.io.sheets import read_sheet as read_sheet
from analysis.io.sheets import xlsx_bytes as xlsx_bytes
