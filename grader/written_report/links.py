"""What may stand between a label and its number, and between two numbers of one label."""

from __future__ import annotations

import re

# What may stand between a label and its number.
LABEL_LINK = re.compile(
    r"(?:[\s:=\"'()\[\]|>≈,+]|-|(?:is|are|was|were|of|to|at|with|equals?|equal|set|has|have|had|as|be|the"
    r"|about|around|approx|approximately|roughly|nearly|almost|only|a|an|its|our|my|we|use[ds]?|using"
    r"|size|sizes|value|values|used|here|being|reached|reaches|achieved|achieves|obtained|final|finally"
    r"|for|testing|test|on|data|set|dataset|mean|average|ist|beträgt|von|mit|auf|est|de|es|del|è|di|é"
    r"|chosen|fixed|kept|number|constant|initial|contains?|consists?|consisting|containing|starts?"
    r"|starting|from|mini|single|just|%|in|percent)(?![a-z])\.?"
    r"|[为是约了达到设定选取用值数量个大小的初始在上]){0,14}",
    re.IGNORECASE,
)
# "0.01, 0.1 and 1"
LIST_LINK = re.compile(
    r"\s?(?:[,/;、→&+-]|->|and|or|und|oder|et|y|o|e|to|then|vs\.?|versus|[,\s]{1,3}(?:and|or|then)"
    r"|(?:down|up) to|和|或|到|与|至)\s?\(?",
    re.IGNORECASE,
)
# "0.99 on the training set and 0.93 on the test set", "train 0.99 / test 0.93"
SETS_LINK = re.compile(
    r"[\s,;/|()]{0,4}(?:(?:on|for|in|at|the|our|and|but|while|val|validation|test|testing|train|training|set"
    r"|sets|data|samples|lines|accuracy|acc|is|was)(?![a-z])[\s,;/|():=]{0,4}){0,10}",
    re.IGNORECASE,
)
# "from 0.5 and later falls to 0.05"
CHANGE_LINK = re.compile(
    r"(?:[\s,()]|(?:and|then|to|later|gradually|increas|decreas|reduc|fall|drop|go|down|up|it|is)"
    r"[a-z]{0,3}(?![a-z])){1,12}",
    re.IGNORECASE,
)
