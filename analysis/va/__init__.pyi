from analysis.va.agreement import krippendorff_alpha as krippendorff_alpha
from analysis.va.coding_sheets import read_key as read_key
from analysis.va.coding_sheets import read_sheets as read_sheets
from analysis.va.coding_sheets import write_sheets as write_sheets
from analysis.va.sample import coding_units as coding_units
from analysis.va.sample import draw_sample as draw_sample
from analysis.va.seeds import seeds as seeds
from analysis.va.validate import validate as validate
