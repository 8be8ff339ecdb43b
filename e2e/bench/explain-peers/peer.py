"""The shap package over a boosting by scikit-learn.

    python peer.py make FOLDER ROWS COLUMNS TREES LEAVES BACKGROUND   trains, and leaves model.onnx, the rows and the background
    python peer.py time FOLDER                                        one JSON line: seconds of both methods, and what they add up to
"""
import json, sys, time, warnings
warnings.filterwarnings("ignore")
try:
    import joblib, numpy as np, shap, sklearn
    from skl2onnx import convert_sklearn
    from skl2onnx.common.data_types import FloatTensorType
    from sklearn.ensemble import GradientBoostingRegressor
except ImportError as error:
    print(json.dumps({"missing": str(error)}))
    sys.exit(0)

def make(folder, rows, columns, trees, leaves, background):
    random = np.random.default_rng(5)
    # On a grid of 1/64, so that single and double precision divide the rows alike.
    draw = lambda count: np.round(random.normal(size=(count, columns)) * 64) / 64
    train = draw(5000)
    amount = train[:, 0] * 2 + train[:, 1] * train[:, 2] + np.sin(train[:, 3] * 2) + random.normal(size=5000) * 0.5
    model = GradientBoostingRegressor(n_estimators=trees, max_leaf_nodes=leaves, max_depth=None, random_state=1).fit(train, amount)
    onnx = convert_sklearn(model, initial_types=[("X", FloatTensorType([None, columns]))], target_opset={"": 17, "ai.onnx.ml": 3})
    open(f"{folder}/model.onnx", "wb").write(onnx.SerializeToString())
    table = draw(rows)
    table.astype("<f8").tofile(f"{folder}/rows.f64")
    train.astype("<f8").tofile(f"{folder}/train.f64")
    joblib.dump((model, table, train[:background]), f"{folder}/model.joblib")
    print(json.dumps({"leaves": float(np.mean([tree[0].tree_.n_leaves for tree in model.estimators_]))}))

def measure(folder):
    model, table, background = joblib.load(f"{folder}/model.joblib")
    shap.TreeExplainer(model).shap_values(table[:5], check_additivity=False)
    answer = {"version": shap.__version__, "seconds": {}, "size": {}}
    for method, more in (("path-dependent", {}), ("interventional", {"data": background})):
        perturbation = "interventional" if more else "tree_path_dependent"
        begin = time.perf_counter()
        values = shap.TreeExplainer(model, feature_perturbation=perturbation, **more).shap_values(table, check_additivity=False)
        answer["seconds"][method] = time.perf_counter() - begin
        answer["size"][method] = float(np.abs(values).mean())
    print(json.dumps(answer))

if sys.argv[1] == "make":
    make(sys.argv[2], *map(int, sys.argv[3:8]))
else:
    measure(sys.argv[2])
