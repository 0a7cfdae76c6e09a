# Stand-ins for the packages of ray[default] that not every index has: metrics/telemetry only (no part of the Jobs API).
import sys, types, importlib.abc, importlib.machinery
PREFIX = ("opencensus", "opentelemetry")
REAL = ("opentelemetry.proto",)
class _Meta(type):
    def __getattr__(cls, n):
        if n.startswith("__") and n.endswith("__"): raise AttributeError(n)
        return Stub()
class Stub(metaclass=_Meta):
    def __init__(self, *a, **k): pass
    def __call__(self, *a, **k): return Stub()
    def __getattr__(self, n):
        if n.startswith("__") and n.endswith("__"): raise AttributeError(n)
        return Stub()
    def __iter__(self): return iter(())
    def __enter__(self): return self
    def __exit__(self, *a): return False
class _Mod(types.ModuleType):
    def __call__(self, *a, **k): return Stub()
    def __getattr__(self, n):
        if n.startswith("__") and n.endswith("__"): raise AttributeError(n)
        if n[:1].islower():
            import importlib; return importlib.import_module(self.__name__ + "." + n)
        return type(n, (Stub,), {})
class _F(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in PREFIX and not name.startswith(REAL):
            s = importlib.machinery.ModuleSpec(name, self, is_package=True)
            if name == "opentelemetry":
                import os; s.submodule_search_locations = [os.path.join(os.path.dirname(__file__), "opentelemetry")]
            else: s.submodule_search_locations = []
            return s
    def create_module(self, spec): return _Mod(spec.name)
    def exec_module(self, m): pass
sys.meta_path.insert(0, _F())
