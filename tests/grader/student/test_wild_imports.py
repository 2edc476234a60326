"""The imports of real homework: what students' folders hold, and what must not sink them."""

from __future__ import annotations

import numpy as np
import pytest

from grader.student.errors import NotImportable, Raised, StudentError
from tests.grader.student.conftest import Submit

_LAYERS = """
from builtins import range
import numpy as np

def affine_forward(x, w, b):
    out = None
    out = x.reshape(x.shape[0], -1).dot(w) + b
    return out, (x, w, b)
"""
_FOLDERS: dict[str, dict[str, str]] = {
    "absolute, a folder of one year": {
        "cs231n/layers.py": _LAYERS,
        "cs231n/layer_utils.py": "from cs231n.layers import *\n"
        "from cs231n.fast_layers import *\n"
        "def use(x, w, b):\n    return affine_forward(x, w, b)[0]\n",
        "cs231n/fast_layers.py": "import numpy as np\n"
        "try:\n    from cs231n.im2col_cython import col2im_cython\n"
        "except ImportError:\n    print('run the following: python setup.py build_ext')\n",
        "cs231n/setup.py": "from distutils.core import setup\nfrom Cython.Build import cythonize\n"
        "setup(ext_modules=cythonize('im2col_cython.pyx'))\n",
    },
    "relative, with compiled parts": {
        "assignment2/cs231n/__init__.py": "",
        "assignment2/cs231n/layers.py": _LAYERS,
        "assignment2/cs231n/classifiers/fc_net.py": "from builtins import object\n"
        "from ..layers import *\nfrom ..fast_layers import *\nimport numpy as np\n"
        "def use(x, w, b):\n    return affine_forward(x, w, b)[0]\n",
        "assignment2/cs231n/fast_layers.py": "from .im2col_cython import col2im_cython\n"
        "from . import im2col_cython_6d\nfrom .im2col import *\nimport im2col_cython\n"
        "from cs231n import im2col_cython_5d\n",
    },
    "two assignments in one folder": {
        "assignment1/cs231n/layers.py": "def affine_forward(x, w, b):\n    return None\n",
        "assignment2/cs231n/layers.py": _LAYERS,
        "assignment2/cs231n/classifiers/fc_net.py": "from cs231n.layers import *\n"
        "def use(x, w, b):\n    return affine_forward(x, w, b)[0]\n",
    },
    "Python 2 and 3 at once": {
        "layers.py": _LAYERS,
        "net.py": "from __future__ import print_function, division\n"
        "from future import standard_library\nstandard_library.install_aliases()\n"
        "from past.builtins import xrange\nfrom past.utils import old_div\n"
        "from six.moves import cPickle as pickle, range, zip\nimport six\n"
        "from layers import affine_forward\n"
        "def use(x, w, b):\n"
        "    for i in xrange(old_div(3, 2)):\n        pass\n"
        "    assert old_div(3.0, 2) == 1.5\n"
        "    return affine_forward(x, w, b)[0] if six.PY3 else None\n",
    },
    "plots and pictures": {
        "layers.py": _LAYERS,
        "vis.py": "import matplotlib.pyplot as plt\nfrom matplotlib import gridspec\n"
        "from imageio import imread\nfrom scipy.misc import imresize\nimport h5py\n"
        "from PIL import Image\n"
        "plt.rcParams['figure.figsize'] = (10.0, 8.0)\n"
        "plt.rcParams['image.interpolation'] = 'nearest'\n"
        "def show(x):\n    fig, (a, b) = plt.subplots(1, 2)\n    a.plot(x)\n"
        "    plt.show()\n    return x\n",
        "net.py": "from layers import *\nfrom vis import *\n"
        "def use(x, w, b):\n    return show(affine_forward(x, w, b)[0])\n",
    },
    "a package whose __init__ fails": {
        "cs231n/__init__.py": "from cs231n.data_utils import load_CIFAR10\nopen('cifar')\n",
        "cs231n/classifiers/__init__.py": "from cs231n.classifiers.nearest import *\n",
        "cs231n/layers.py": _LAYERS,
        "cs231n/classifiers/net.py": "from cs231n.layers import *\nfrom cs231n import layers\n"
        "def use(x, w, b):\n    return layers.affine_forward(x, w, b)[0]\n",
    },
    "a package that calls a function as its file": {
        "layers/__init__.py": "from layers.affine_forward import affine_forward\n",
        "layers/affine_forward.py": _LAYERS,
        "net.py": "from layers import affine_forward\n"
        "def use(x, w, b):\n    return affine_forward(x, w, b)[0]\n",
    },
    "names of older versions": {
        "layers.py": _LAYERS,
        "net.py": "import numpy as np\nfrom layers import *\n"
        "def use(x, w, b):\n"
        "    for i in xrange(2):\n        n = np.product(x.shape[1:])\n"
        "    x = np.reshape(x, newshape=(-1, int(n))).astype(np.float)\n"
        "    return affine_forward(x, w, b)[0]\n",
    },
}


@pytest.mark.parametrize("name", _FOLDERS)
def test_nothing_of_it_sinks_the_submission(submit: Submit, name: str) -> None:
    """The functions are found and answer, whatever stands beside them."""
    x, w, b = np.ones((2, 2, 3)), np.ones((6, 4)), np.arange(4.0)
    np.testing.assert_array_equal(submit(_FOLDERS[name]).call("use", x, w, b).value, [6 + b] * 2)


def test_what_uses_a_part_that_was_not_handed_in_says_which(submit: Submit) -> None:
    """The compiled im2col is no file of the submission; only what calls it fails."""
    student = submit(
        {
            "fast_layers.py": "from .im2col_cython import col2im_cython\nfrom . import im2col_6d\n"
            "def fast(x):\n    return col2im_cython(x)\n"
            "def other(x):\n    return im2col_6d.run(x)\n"
            "def plain(x):\n    return x\n"
        }
    )
    assert student.call("plain", 1).value == 1
    for function in ("fast", "other"):
        with pytest.raises(Raised, match=rf"^{function} uses a module that cannot be imported"):
            student.call(function, 1)


_PYTHON_2 = {
    "print": "def conv_forward(x):\n    print 'shape', x.shape\n    return x\n",
    "except": "def conv_forward(x):\n    try:\n        return x\n    except E, e:\n        pass\n",
    "unequal": "def conv_forward(x):\n    if x <> 1:\n        return x\n",
    "tabs": "def conv_forward(x):\n    if x:\n\treturn x\n    print 'done'\n",
}


@pytest.mark.parametrize("name", _PYTHON_2)
def test_python_2_is_called_so(submit: Submit, name: str) -> None:
    """Not a wrong answer, and not a mere SyntaxError: what it is, and how to mend it."""
    student = submit({"assignment1/cs231n/layers.py": _PYTHON_2[name]})
    with pytest.raises(NotImportable, match=r"layers.py cannot be loaded: it is Python 2 \(") as e:
        student.call("conv_forward", 1)
    assert "the grader runs Python 3" in (e.value.help or "")


def test_python_2_in_what_is_imported(submit: Submit) -> None:
    """The file that is Python 2 is named, and not only the one that imports it."""
    student = submit({"layers.py": _PYTHON_2["print"], "net.py": "from layers import *\nx = 1\n"})
    with pytest.raises(NotImportable, match=r"^layers.py cannot be loaded.*: it is Python 2 \("):
        student.declared("x")


def test_mixed_tabs_alone(submit: Submit) -> None:
    """Python 2 took them, Python 3 does not."""
    student = submit(layers="def conv_forward(x):\n    if x:\n\treturn x\n    return 1\n")
    with pytest.raises(StudentError) as error:
        student.call("conv_forward", 1)
    assert "have your editor make tabs spaces" in (error.value.help or "")
