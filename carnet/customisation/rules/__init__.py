"""The language of conditions and totals: small, closed, exact; plain Python that knows neither Django nor the house.

    shown if      f12 = #3 and f14 is not empty
    total         sum(f20.c2 * f20.c3) + f21

A text is checked against the fields there are (`checked`) before it is kept, and only then worked out (`value_of`).
Nothing of it is ever run as code. Every refusal is a `RuleError` with a code and a position; what it says to people
stands in `carnet/customisation/rule_words.py`.
"""

from carnet.customisation.rules.checking import Rule, checked
from carnet.customisation.rules.errors import RuleError
from carnet.customisation.rules.evaluating import Value, rounded, value_of
from carnet.customisation.rules.kinds import Kind, Variable
from carnet.customisation.rules.order import in_order

__all__ = ["Kind", "Rule", "RuleError", "Value", "Variable", "checked", "in_order", "rounded", "value_of"]
