"""fault_shim.c for a server: built with the system's compiler, told by the environment what to do."""
import subprocess
from pathlib import Path

SOURCE = Path(__file__).resolve().parent / "fault_shim.c"


def build(folder):
    shim = folder / "fault_shim.so"
    subprocess.run(["cc", "-std=c11", "-O1", "-shared", "-fPIC", "-o", shim, SOURCE, "-ldl"], check=True)
    return shim


def environment(shim, folder, fault, asan_options):
    """What a server is started with; `folder` gets the files `fault` and `steps`."""
    return {"LD_PRELOAD": str(shim), "ASAN_OPTIONS": asan_options + ":verify_asan_link_order=0",
            "QUANZU_STEPS": str(folder / "steps"), "QUANZU_FAULT_LOG": str(folder / "fault"),
            **({"QUANZU_FAULT": fault} if fault else {})}
