from analysis.io.frame_codes import read_frame_codes as read_frame_codes
