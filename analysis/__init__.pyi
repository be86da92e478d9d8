from analysis import io as io
from analysis import pl as pl
from analysis import tl as tl
from analysis import va as va
from analysis.corpus import load as load
from analysis.extract import extract as extract
from analysis.share import share as share
from analysis.show import show as show
