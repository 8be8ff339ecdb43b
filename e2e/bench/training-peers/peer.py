"""peer.py NAME FOLDER COLUMNS TREES LEAVES THREADS: fits a peer to the rows of a folder, prints seconds, test AUC and peak memory."""
import json
import resource
import sys
import time

name, folder = sys.argv[1], sys.argv[2]
columns, trees, leaves, threads = map(int, sys.argv[3:])
try:
    import numpy as np
    from sklearn.metrics import roc_auc_score

    if name == "lightgbm":
        import lightgbm
    else:
        import sklearn
        from sklearn.ensemble import HistGradientBoostingClassifier
except ImportError as error:
    print(json.dumps({"missing": str(error)}))
    sys.exit(0)

def read(part):
    x = np.fromfile(f"{folder}/{part}-x.f64").reshape(columns, -1).T
    return np.ascontiguousarray(x), np.fromfile(f"{folder}/{part}-y.u8", dtype=np.uint8)

def fit(x, y, rounds):
    if name == "lightgbm":
        settings = dict(objective="binary", learning_rate=0.1, num_leaves=leaves, min_data_in_leaf=20, num_threads=threads, verbosity=-1)
        return lightgbm.train(settings, lightgbm.Dataset(x, y), num_boost_round=rounds).predict
    model = HistGradientBoostingClassifier(max_iter=rounds, learning_rate=0.1, max_leaf_nodes=leaves, min_samples_leaf=20, early_stopping=False, random_state=0)
    model.fit(x, y)
    return lambda rows: model.predict_proba(rows)[:, 1]

x, y = read("train")
fit(x[:1000], y[:1000], 10)
start = time.perf_counter()
predict = fit(x, y, trees)
seconds = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
tx, ty = read("test")
version = lightgbm.__version__ if name == "lightgbm" else sklearn.__version__
print(json.dumps({"version": version, "seconds": seconds, "auc": roc_auc_score(ty, predict(tx)), "peakMiB": peak}))
