"""Sites that hold merge requests. A new one is one file and one line here."""

from __future__ import annotations

from costplan.posting.contract import Site
from costplan.posting.sites.github import GitHub
from costplan.posting.sites.gitlab import GitLab
from costplan.posting.sites.sourcecraft import SourceCraft

SITES: dict[str, Site] = {site.name: site for site in (GitLab(), GitHub(), SourceCraft())}
"""Name -> site, in the order in which a pipeline is recognised."""
