"""The functional forms ``keras.layers.add(inputs)`` ...: each makes a layer and calls it. Keras 3.15.1."""

from __future__ import annotations

from shapelens.library.keras.layers.constructors import check_constructor
from shapelens.library.keras.layers.naming import name_for, snake_case
from shapelens.library.keras.signatures import bind_layer
from shapelens.library.machine import Machine
from shapelens.library.registry import Arguments, FunctionRule, function
from shapelens.values.failure import Failure, ShapeFailure
from shapelens.values.objects import LayerObject, LayerState
from shapelens.values.value import Const, Value


def _calling(class_name: str, **defaults: Value) -> FunctionRule:
    def rule(machine: Machine, arguments: Arguments) -> Value:
        given = {**defaults, **arguments.values, **arguments.extra}
        inputs = given.pop("inputs")
        config = bind_layer(class_name, (), given, machine.versions.family)
        if isinstance(config, Failure):
            raise ShapeFailure(config)
        failure = check_constructor(machine, class_name, config)
        if failure is not None:
            raise ShapeFailure(failure)
        name, auto = name_for(machine, config.get("name"), snake_case(class_name))
        state = LayerState(name, auto, machine.site)
        return machine.call(machine.alloc(LayerObject(class_name, tuple(config.items()), state)), [inputs], {})

    return rule


for _name in ("add", "average", "maximum", "minimum", "multiply", "subtract"):
    function(f"keras.layers.{_name}", params="inputs, **kwargs")(_calling(f"keras.layers.{_name.capitalize()}"))
function("keras.layers.concatenate", params="inputs, axis=-1, **kwargs")(_calling("keras.layers.Concatenate"))
function("keras.layers.dot", params="inputs, axes=-1, **kwargs")(_calling("keras.layers.Dot", axes=Const(-1)))
