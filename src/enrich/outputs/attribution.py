"""How the sources ask to be credited, and under which terms their data stands.

arXiv: https://info.arxiv.org/help/api/tou.html. Semantic Scholar: the agreement's terms as third
parties quote them in October 2026; its address is the one that the API's release notes name
(github.com/allenai/s2-folks, API_RELEASE_NOTES.md).
"""

from __future__ import annotations

ARXIV_URL = "https://arxiv.org/"
SEMANTIC_SCHOLAR_URL = "https://www.semanticscholar.org/?utm_source=api"
SEMANTIC_SCHOLAR_LICENCE_URL = "https://www.semanticscholar.org/product/api/license"
# The sentence that arXiv's terms of use ask for.
ARXIV_THANKS = "Thank you to arXiv for use of its open access interoperability."
SEMANTIC_SCHOLAR_LICENCE = (
    "answers of its Graph API fall under AI2's Semantic Scholar API licence agreement "
    "(non-commercial research or education, no repackaging, public use names Semantic Scholar with "
    "a link); only the bulk Datasets are ODC-BY"
)

MARKDOWN_CREDIT = (
    f"Metadata from [arXiv]({ARXIV_URL}) (CC0); citation counts and further metadata from "
    f"[Semantic Scholar]({SEMANTIC_SCHOLAR_URL}): {SEMANTIC_SCHOLAR_LICENCE}."
)
