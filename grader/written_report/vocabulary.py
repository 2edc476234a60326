"""The words by which reports name quantities, in English and modestly in other languages.

A *label* stands before its number ("batch size: 32"), a *unit* after it ("32 samples per batch").
Quantities that no claim is about are listed too: their numbers must not be taken for another's.
All patterns are matched without regard to case against text that plain_text.clean has been over
(underscores are spaces there), and every repetition in them is bounded.
"""

# ruff: noqa: RUF001 (Greek and full-width characters are meant)

from __future__ import annotations

import re
from enum import Enum, auto


class Quantity(Enum):
    """What a number in a report may be."""

    ACCURACY = auto()
    ERROR = auto()
    """Error rate: one minus the accuracy."""
    HIDDEN = auto()
    BATCH = auto()
    RATE = auto()
    OTHER = auto()


def _words(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives), re.IGNORECASE)


_LATIN_START = r"(?<![^\W\d_])"  # not after a letter: keeps "cost" out of "Kosten"

LABELS: tuple[tuple[Quantity, re.Pattern[str]], ...] = (
    (
        Quantity.ACCURACY,
        _words(
            _LATIN_START + r"ac{1,2}ur{1,2}a?c(?:y|ies)",
            _LATIN_START + r"acc(?![a-z])\.?",
            _LATIN_START + r"(?:classification|success|recognition|hit) rates?",
            r"correctly classified|correct predictions",
            r"准确率|正确率|准确度|正確率|準確率|精度|识别率|正解率|정확도",
            r"(?:test)?genauigkeit|trefferquote",
            r"taux de réussite|exactitude|exactitud|precisi[oó]n|précision|acurácia|accuratezza",
            r"точность",
        ),
    ),
    (
        Quantity.ERROR,
        _words(
            _LATIN_START
            + r"(?:test|testing|classification|final|generali[sz]ation) error(?: rate)?",
            _LATIN_START + r"error rate|misclassification rate",
            _LATIN_START + r"error(?= (?:is|was|of|on) )",
            r"错误率|誤り率|fehlerrate|testfehler|taux d'erreur",
        ),
    ),
    (
        Quantity.HIDDEN,
        _words(
            _LATIN_START + r"(?:n|num|number of|#)?\s?hid{1,2}en[ -]?"
            r"(?:(?:layer|unit|neuron|node|cell|size|dim|width|dimension)s?(?![a-z])[ -]?){1,3}"
            r"(?:count|number|width)?",
            _LATIN_START + r"hidden(?= ?[:=])",
            _LATIN_START + r"n hidden|nhidden|num hidden",
            _LATIN_START + r"neurons?(?= ?[:=])",
            r"(?<!\w)(?:H|Nh|n_?h)(?= ?=)",
            r"隐藏层神经元(?:的)?(?:个数|数量|数目|数)?|隐藏层(?:的)?(?:大小|节点数|单元数|宽度)?|隐层",
            r"隐藏(?:神经元|单元|节点)(?:的)?(?:个数|数量|数)?|神经元(?:的)?(?:个数|数量|数目|数)",
            r"隱藏層|隠れ層|中間層|은닉",
            r"(?:versteckte[nr]?|verborgene[nr]?) (?:neuronen|einheiten|schicht)|hidden-?neuronen",
            r"neurones cachés|couche cachée|neuronas ocultas|capa oculta|neur[oô]nios ocultos",
            r"neuroni nascosti",
        ),
    ),
    (
        Quantity.BATCH,
        _words(
            _LATIN_START + r"(?:mini[ -]?)?batch(?:es)?(?:[ -]?sizes?)?(?! ?(?:norm|gradient))",
            r"(?<!\w)bs(?= ?[:=])",
            r"批(?:次|量|处理)?(?:的)?(?:大小|尺寸)|小批量|批次|批量|バッチ(?:サイズ)?|배치",
            r"stapelgröße|taille (?:du|de) lot|tamaño (?:del|de) lote|tamanho do lote",
        ),
    ),
    (
        Quantity.RATE,
        _words(
            _LATIN_START + r"lea?r?n?ing[ -]?rates?",
            _LATIN_START + r"(?:base |initial )?lr(?![a-z])",
            _LATIN_START + r"step[ -]sizes?",
            r"(?<!\w)(?:eta|alpha|η|α)(?= ?[=:≈])",
            r"学习率|學習率|学習率|학습률|lernrate|taux d'apprentissage|tasa de aprendizaje",
            r"taxa de aprendizado|tasso di apprendimento|скорость обучения",
        ),
    ),
    (
        Quantity.OTHER,
        _words(
            _LATIN_START + r"(?:loss|cost)(?:es)?(?![a-z])",
            _LATIN_START + r"losses|损失|損失|verlust",
            _LATIN_START
            + r"(?:weight |lr |learning rate |rate )?decay(?:ed|s|ing)?(?: (?:rate|factor))?",
            _LATIN_START + r"(?:multiplied|divided|reduced|decreased|dropped|scaled) (?:it )?by",
            _LATIN_START + r"(?:by )?a? ?factor(?: of)?",
            _LATIN_START
            + r"(?:gamma|beta|momentum|reg|lambda|dropout|std|sigma|seed|epsilon)(?![a-z])",
            r"[γβλσε](?= ?[=:≈])",
            _LATIN_START + r"(?:l2|regulari[sz]ation(?: strength| term| factor| coefficient)?)",
            _LATIN_START + r"standard deviation|variance|confidence|interval|p-value|f1|recall",
            _LATIN_START + r"(?:epochs?|iterations?|steps|rounds?|folds?|runs?|seeds?)(?![a-z])",
            _LATIN_START + r"(?:input|output)(?:s| layer| size| dim(?:ension)?)?(?![a-z])",
            _LATIN_START + r"(?:table|figure|fig|section|sec|eq|equation|question|problem|homework)"
            r"(?![a-z])\.?",
            _LATIN_START + r"(?:student|id|page|version|python|numpy)(?![a-z])",
            _LATIN_START + r"(?:relative|numerical|gradient|max(?:imum)?) error",
            r"动量|正则化?(?:系数)?|权重衰减|衰减(?:率|系数|因子)?|迭代(?:次数)?|轮数?|学号|标准差|输入层?|输出层?",
            r"epochen|durchläufe|momentum",
        ),
    ),
)

UNITS: tuple[tuple[Quantity, re.Pattern[str]], ...] = (
    (
        Quantity.HIDDEN,
        _words(
            r"(?:\w{3,12} )?hidden(?: layer)?[ -](?:neuron|unit|node|cell|dimension)s?",
            r"(?:neuron|unit|node)s? (?:in|for|of|per|inside|within) (?:the |our |my |its |a "
            r"|one )?"
            r"(?:single )?hidden",
            r"(?:neuron|unit|node|relu)s?(?! (?:in|for|of|at) (?:the )?(?:input|output))(?![a-z])",
            r"relu (?:neuron|unit|node)s?",
            r"个?(?:隐藏层?(?:神经元|单元|节点)|神经元|隐藏单元|节点)",
            r"(?:versteckten? |verborgenen? |hidden[ -])?neuronen|neurones? (?:cachés?"
            r"|dans la couche)",
            r"neuronas (?:ocultas|en la capa)|neur[oô]nios|neuroni",
        ),
    ),
    (
        Quantity.BATCH,
        _words(
            r"(?:training )?(?:sample|example|row|line|point|instance)s? "
            r"(?:per|in|in each|in every|for each|each) (?:a )?(?:mini[ -]?)?(?:batch|step"
            r"|update|iteration)",
            r"(?:sample|example|row)s? (?:at a time|at once|each time|each step|per step)",
            r"(?:sample|example)?s?[ -]?mini[ -]?batch(?:es)?|per (?:mini[ -]?)?batch",
            r"个样本(?:为|作为)?(?:一|1)批",
        ),
    ),
    (
        Quantity.ACCURACY,
        _words(
            r"(?:(?:overall|final|average|mean|classification|test(?:ing|[ -]set)?|top-1|validation"
            r"|val|train(?:ing|[ -]set)?) ){0,3}(?:accuracy|acc(?![a-z]))",
            r"(?:on|for|over|of|in|at) (?:the |our |all |my |those |these )?(?:100 |last |last 100 "
            r"|unseen |held[ -]out |hidden |remaining |400 |first |first 400 ){0,2}"
            r"(?:test|train|valid|held)",
            r"(?:\w{3,12} )?(?:correct|right|accurate)",
            r"的?(?:测试|训练|验证)?(?:集上?)?(?:的)?(?:准确率|正确率)",
            r"(?:genauigkeit|der testdaten|auf den testdaten)",
        ),
    ),
    (
        Quantity.OTHER,
        _words(
            r"(?:training |test |input |total )?(?:sample|example|row|line|epoch|iteration"
            r"|step|pass"
            r"|run|seed|fold|layer|class|input|output|feature|dimension|second|sec|minute|min|ms"
            r"|trial|experiment|time|weight|parameter|digit|page|value|update)(?:s|es|e)?(?![a-z])",
            r"s(?![a-z])|-?fold|confidence|ci(?![a-z])|quantile|output (?:neuron|unit|node)s?"
            r"|input (?:neuron|unit|node)s?|classes",
            r"(?:neuron|unit|node)s? (?:in|for|of|at) (?:the )?(?:input|output)",
            r"个?(?:样本|类别?|输入|特征|输出|轮|次|层|epoch)|epochen|durchläufe|époques|épocas",
        ),
    ),
)

TEST = _words(
    r"test(?:ing|s|ed)?(?![a-z])(?!ed (?:with|several|different))",
    r"test(?:daten|genauigkeit|menge|fehler|set)",
    r"held[ -]?out|unseen|generali[sz]ation|last 100|lines? 401",
    r"测试|測試|テスト|테스트|prueba|teste",
)
TRAIN = _words(
    r"train(?:ing)?[ -]?(?:set|data|sample|example|accuracy|acc(?![a-z])|error|part|lines|:)",
    r"(?:on|for|of|in) (?:the |our )?(?:400 )?train(?:ing)?(?! (?:the|our|it|with|for))",
    r"train(?:ing)?(?= ?(?:[:=(/|&,]|(?:and|or) (?:the )?(?:test|val)|$))"
    r"|^train(?:ing)?(?![a-z])|\(train(?:ing)?\)|first 400|lines? 1-400",
    r"training(?= (?:is|was|of|reach))",
    r"trainings(?:daten|genauigkeit|menge|fehler)|训练(?:集|准确|正确|数据|样本|精度)|entrenamiento"
    r"|entraînement",
)
VALIDATION = _words(
    r"validation|(?<![a-z])val(?![a-z])|cross[ -]?validat|(?<![a-z])cv(?![a-z])|dev set",
    "验证",
)
NOT_OURS = _words(
    r"random(?:ly)? (?:guess|chance|classif|baseline)|chance|guess(?:ing)?|baseline|majority",
    r"target|goal|requirement|required|aim(?:ed|ing)?|expect(?:ed)?"
    r"|initial(?:ly)? accuracy|logistic regression|linear (?:model|classifier)",
    r"sklearn|scikit|pytorch|svm|k-?nn|随机猜测",
)

CHOSEN = _words(
    r"(?<![a-z])(?:cho(?:se|osen?|ice)|select(?:ed)?|pick(?:ed)?|settled?|use[ds]?|using"
    r"|final(?:ly)?"
    r"|best|on average|average|median|optimal|decided?|set|kept|keep|took|take|fix(?:ed)?"
    r"|ended up|went with|stick|stuck)(?![a-z])",
    r"选择|选取|选用|选了|最终|最后|采用|使用|设置?为|最佳|最优",
    r"gewählt|verwende[nt]|benutzt|schließlich|endgültig|choisi|utilis[éeo]|eleg[íi]"
    r"|final(?:e|mente)",
)
CHOSEN_AFTER = _words(
    r"(?:is |was |were |are |has |had )?(?:the |my |our )?"
    r"(?:best|optimal|final choice|chosen|selected|turned out|performed best"
    r"|work(?:s|ed) (?:best|well|fine)"
    r"|(?:g[ai]ves?|yield(?:s|ed)?|ha[sd]|have|achieve[sd]?|reach(?:es|ed)|led to|leads to)"
    r" (?:the |us |me )?(?:best|highest|lowest))",
    r"效果最好|最好|最佳",
)
TRIED = _words(
    r"(?<![a-z])(?:tried|try|trying|tested|compar(?:e|ed|ing|ison)|experiment(?:s|ed|ing)?|varied"
    r"|among|between|candidates?|grid|search(?:ed|ing)?|sweep|swept|rather than|instead of|not"
    r"|larger than|smaller than|more than|less than|versus|vs|than|such as|e\.g\.?|for example"
    r"|for instance|without|could|would|before|at first|initially)(?![a-z])",
    r"尝试|试了|试过|比较|例如|比如|ausprobiert|getestet|verglichen|statt|z\.b\.|essayé|probamos",
)


def names_a_quantity(text: str) -> bool:
    """Whether a quantity that a claim is about, or the loss, is named."""
    return any(
        pattern.search(text) for quantity, pattern in LABELS if quantity is not Quantity.OTHER
    ) or bool(re.search(r"(?i)\bloss(?! of)\b|损失|neurons?\b|batch|learn", text))
