"""The entry point for Streamlit Community Cloud: the same app, with the settings of a small machine in public.

Naming this file there as the main file is all there is to choose: the requirements beside it are read before the
repository's own. A variable that is set already, or stands among the app's secrets, wins over `SETTINGS`.
"""

import os
import runpy
import sys
from pathlib import Path

import streamlit as st

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "app.py"
SETTINGS = {
    "CONVLENS_WARM_WORKER": "0",  # 0.7 to 2.7 GB of memory: a training process only while one trains
    "CONVLENS_MINUTES": "10",
    "CONVLENS_QUEUE": "20",
    "CONVLENS_QUEUE_PER_VISITOR": "2",
    "CONVLENS_QUEUE_PER_ADDRESS": "20",  # all visitors come from the platform's own addresses
    "CONVLENS_SESSIONS": "60",
    "CONVLENS_SESSIONS_PER_ADDRESS": "60",
    "CONVLENS_RUN_MB": "100",
    "CONVLENS_VISITOR_MB": "200",
    "CONVLENS_DISK_MB": "2000",
    "CONVLENS_DAYS": "1",
    "CONVLENS_UPLOAD_MB": "10",
    "CONVLENS_ACTIVATIONS": "300000",
    "CONVLENS_FRAME_ANCESTORS": "https://*.streamlit.app",  # the platform shows the app in a frame
}

st.secrets.load_if_toml_exists()  # those that stand outside a section become variables
for name, value in SETTINGS.items():
    os.environ.setdefault(name, value)
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

if __name__ == "__main__":  # a runner that knows no `st.App`: this file is each session's script
    runpy.run_path(str(APP), run_name="__main__")
else:
    from app import middleware

    app = st.App(APP, middleware=middleware)
