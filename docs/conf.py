"""How the documentation is built: sphinx-build -n -W docs docs/_build."""

import sys
from importlib.metadata import version as installed
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_sphinx"))

project = "fidelity"
author = "The fidelity authors"
copyright = author
release = installed("fidelity-loyalty")

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "pages_of_names"]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = f"fidelity {release}"
html_copy_source = False

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

# Notebooks are text (docs/notebooks); they are run while the pages are made, and a cell that fails stops that.
nb_execution_mode = "auto"
nb_execution_raise_on_error = True
nb_execution_timeout = 120
nb_execution_in_temp = True

# A name in single quotes in a docstring is code, and a link where it has a page.
default_role = "py:obj"
add_module_names = False
toc_object_entries_show_parents = "hide"
python_maximum_signature_line_length = 100

autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented"
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True
# What comes back is told in sentences, not as a type before a colon.
napoleon_use_rtype = False
napoleon_custom_sections = ["Source"]
