"""torch_worker.py KIND TASK PRECISION: PyTorch's side of engine-worker.ts, same protocol.

KIND: "contiguous" or "channels_last" (TASK: a model of `models` below, for its training step); "default", "foreach" or "fused"
(TASK is an optimizer's name).
PRECISION: "float32" or "bfloat16" (torch.autocast).
"""
import json
import resource
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

import torch_convnets
from torch_transformers import Swin, Vit

torch.set_num_threads(1)
torch.manual_seed(0)
kind, task, precision = sys.argv[1:4]


def muon(parameters):
    """PyTorch's takes matrices alone: filters are flattened, what is between the first and the last weight is its."""
    weights = [p for p in parameters if p.dim() > 1]
    hidden = [nn.Parameter(p.detach().flatten(1)) for p in weights[1:-1]]
    others = [p for p in parameters if p.dim() == 1] + [weights[0], weights[-1]]
    return [torch.optim.Muon(hidden, 1e-3), torch.optim.AdamW(others, 3e-4)]


def optimizers(parameters, **form):
    if task == "muon":
        return muon(parameters)
    if task in ("lion", "lamb"):
        from timm.optim import Lamb, Lion
        return [Lion(parameters, 1e-3, **form) if task == "lion" else Lamb(parameters, 1e-3)]
    if task == "sgd":
        return [torch.optim.SGD(parameters, 1e-3, momentum=0.9, weight_decay=5e-4, **form)]
    kinds = {"adam": "Adam", "adamw": "AdamW", "nadam": "NAdam", "rmsprop": "RMSprop"}
    return [getattr(torch.optim, kinds[task])(parameters, 1e-3, **form)]


convnets = ["resnet18", "resnet20", "densenet121", "efficientnetB0", "mobilenetV3Small", "convnextAtto"]
models = {name: getattr(torch_convnets, name) for name in convnets} | {"vit": Vit, "swin": Swin}
model = models.get(task, torch_convnets.resnet18)(200)
if task not in models:
    steppers = optimizers(list(model.parameters()), **({kind: True} if kind != "default" else {}))
    for stepper in steppers:
        for group in stepper.param_groups:
            for parameter in group["params"]:
                parameter.grad = torch.full_like(parameter, 0.01)

    def step():
        for stepper in steppers:
            stepper.step()
else:
    layout = torch.channels_last if kind == "channels_last" else torch.contiguous_format
    model = model.to(memory_format=layout)
    optimizer = torch.optim.SGD(model.parameters(), 0.01, momentum=0.9, weight_decay=5e-4)
    images = torch.randint(0, 256, (64, 3, 40, 40), dtype=torch.uint8)
    labels = torch.randint(0, 200, (64,))

    def step():
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bfloat16"):
            loss = F.cross_entropy(model((images.float() / 255).contiguous(memory_format=layout)), labels)
        loss.backward()
        optimizer.step()
        return loss.item()


def answer(value):
    print(json.dumps(value), flush=True)


answer({"ready": f"PyTorch {torch.__version__}, cpu x1 thread, {kind}"})
for line in sys.stdin:
    milliseconds, cpu_milliseconds = [], []
    for _ in range(int(line)):
        start, cpu_start = time.perf_counter(), time.process_time()
        step()
        cpu_milliseconds.append((time.process_time() - cpu_start) * 1e3)
        milliseconds.append((time.perf_counter() - start) * 1e3)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    answer({"milliseconds": milliseconds, "cpuMilliseconds": cpu_milliseconds, "peakMegabytes": peak})
