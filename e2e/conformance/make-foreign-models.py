"""Trains real models with scikit-learn, LightGBM and XGBoost, and a small network, and leaves what a team would bring: ONNX, rows and float64 predictions.

    python make-foreign-models.py FOLDER

The rows are drawn here from a fixed seed.
"""
import json
import sys
from pathlib import Path

import lightgbm
import numpy as np
import pandas as pd
import xgboost
from onnx import TensorProto, helper
from onnxmltools import convert_lightgbm, convert_xgboost
from onnxmltools.convert.common.data_types import FloatTensorType as ToolsFloat
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType, StringTensorType
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

folder = Path(sys.argv[1])
rng = np.random.default_rng(9)
rows = 3000
table = pd.DataFrame(
    {
        "income": rng.normal(40, 12, rows).round(2),
        "age": rng.integers(18, 80, rows),
        "debt": rng.gamma(2, 4, rows).round(3),
        "region": rng.choice(["north", "south", "west"], rows),
    }
)
risk = -1.0 + 0.15 * (table["debt"] - 8) - 0.06 * (table["income"] - 40) + 0.9 * (table["region"] == "south")
table["outcome"] = (rng.random(rows) < 1 / (1 + np.exp(-risk))).astype(int)
train, test = table[:2000].reset_index(drop=True), table[2000:].reset_index(drop=True)
numbers = ["income", "age", "debt"]
target_opset = {"": 17, "ai.onnx.ml": 3}

sklearn_model = make_pipeline(
    ColumnTransformer([("number", StandardScaler(), numbers), ("text", OneHotEncoder(handle_unknown="ignore"), ["region"])]),
    LogisticRegression(),
).fit(train[numbers + ["region"]], train["outcome"])
kinds = [(name, FloatTensorType([None, 1])) for name in numbers] + [("region", StringTensorType([None, 1]))]
matrix = train[numbers].to_numpy(np.float32)
lightgbm_model = lightgbm.LGBMClassifier(n_estimators=60, random_state=1, verbose=-1).fit(matrix, train["outcome"])
xgboost_model = xgboost.XGBClassifier(n_estimators=60, max_depth=4, random_state=1).fit(matrix, train["outcome"])
network_model = make_pipeline(StandardScaler(), MLPClassifier((8,), max_iter=400, random_state=1)).fit(matrix, train["outcome"])


def as_torch_exports(pipeline):
    """The graph that torch.onnx.export writes of nn.Sequential(Linear, ReLU, Linear): Gemm with transposed weights, two logits."""
    scaler, network = pipeline[0], pipeline[-1]
    (first, last), (bias, final) = network.coefs_, network.intercepts_
    # The scaler goes into the first layer; one logit becomes two, of which the first is 0.
    weights = {
        "net.0.weight": (first / scaler.scale_[:, None]).T,
        "net.0.bias": bias - (scaler.mean_ / scaler.scale_) @ first,
        "net.2.weight": np.vstack([np.zeros(len(last)), last[:, 0]]),
        "net.2.bias": np.array([0.0, final[0]]),
    }
    constants = [helper.make_tensor(n, TensorProto.FLOAT, w.shape, w.astype(np.float32).tobytes(), raw=True) for n, w in weights.items()]
    gemm = dict(alpha=1.0, beta=1.0, transB=1)
    nodes = [
        helper.make_node("Gemm", ["x", "net.0.weight", "net.0.bias"], ["/net/net.0/Gemm_output_0"], "/net/net.0/Gemm", **gemm),
        helper.make_node("Relu", ["/net/net.0/Gemm_output_0"], ["/net/net.1/Relu_output_0"], "/net/net.1/Relu"),
        helper.make_node("Gemm", ["/net/net.1/Relu_output_0", "net.2.weight", "net.2.bias"], ["logits"], "/net/net.2/Gemm", **gemm),
    ]
    value = lambda name, width: helper.make_tensor_value_info(name, TensorProto.FLOAT, ["batch", width])
    graph = helper.make_graph(nodes, "main_graph", [value("x", 3)], [value("logits", 2)], constants)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8, producer_name="pytorch", producer_version="2.9.0")


models = {
    "network": (as_torch_exports(network_model), network_model.predict_proba(matrix)),
    # As nobody would ask for it: with the maps that skl2onnx writes by itself.
    "scikit-learn": (to_onnx(sklearn_model, initial_types=kinds, target_opset=target_opset), sklearn_model.predict_proba(train[numbers + ["region"]])),
    "lightgbm": (convert_lightgbm(lightgbm_model, initial_types=[("input", ToolsFloat([None, 3]))], target_opset=15), lightgbm_model.predict_proba(matrix)),
    "xgboost": (convert_xgboost(xgboost_model, initial_types=[("input", ToolsFloat([None, 3]))], target_opset=15), xgboost_model.predict_proba(matrix)),
}
train.to_csv(folder / "train.csv", index=False)
test.to_csv(folder / "test.csv", index=False)
for name, (model, predicted) in models.items():
    (folder / f"{name}.onnx").write_bytes(model.SerializeToString())
    pd.DataFrame({"prediction": predicted[:, 1].astype(np.float64)}).to_csv(folder / f"{name}.csv", index=False)
print(json.dumps({"models": list(models)}))
