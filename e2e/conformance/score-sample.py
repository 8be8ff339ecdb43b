"""Checks model.onnx with onnx.checker and scores sample-inputs.arrow with onnxruntime, as an operator without Drydock would.

Prints one JSON line: rows, the largest difference to sample-outputs.arrow, and how many labels differ.
"""
import json
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pyarrow as pa

folder = Path(sys.argv[1])
onnx.checker.check_model(str(folder / "model.onnx"), full_check=True)
signature = json.loads((folder / "signature.json").read_text("utf-8"))
session = onnxruntime.InferenceSession(str(folder / "model.onnx"), providers=["CPUExecutionProvider"])


def read(name):
    with pa.memory_map(str(folder / name)) as file:
        return pa.ipc.open_file(file).read_all()


table = read("sample-inputs.arrow")
expected = read("sample-outputs.arrow")
feeds = {}
for wanted in session.get_inputs():
    name = next(i["name"] for i in signature["inputs"] if i.get("input", i["name"]) == wanted.name)
    values = table.column(name).to_pylist()
    if "string" in wanted.type:
        column = np.array(["" if value is None else str(value) for value in values], dtype=object)
    else:
        column = np.array([np.nan if value is None else float(value) for value in values], dtype=np.float32 if "float" in wanted.type else np.float64)
    feeds[wanted.name] = column.reshape(-1, 1)
answers = dict(zip([o.name for o in session.get_outputs()], session.run(None, feeds)))
expect = {name: np.array(expected.column(name).to_pylist()) for name in expected.column_names}
if "prediction" in expect:
    given, wanted = np.asarray(answers["prediction"], dtype=np.float64), expect["prediction"].reshape(-1, 1)
elif "probability" in expect:
    given, wanted = np.asarray(answers["probabilities"], dtype=np.float64)[:, 1:], expect["probability"].reshape(-1, 1)
else:
    given = np.asarray(answers["probabilities"], dtype=np.float64)
    wanted = np.stack([expect[f"probability_{place}"] for place in range(given.shape[1])], axis=1)
labels = int(np.sum(np.asarray(answers["label"]).reshape(-1) != expect["label"])) if "label" in expect else 0
print(
    json.dumps(
        {
            "rows": len(table),
            "largest": float(np.max(np.abs(given - wanted))),
            "labels": labels,
            "spread": float(np.max(given) - np.min(given)),
        }
    )
)
