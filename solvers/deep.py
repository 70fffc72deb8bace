"""Inspect's `deepagent` as a defender: a planner with a list of things to do and helpers it can send.

inspect eval tasks/opensec.py --model MODEL --solver solvers/deep.py
"""

from inspect_ai.agent import Agent, agent, deepagent

from opensec_inspect import opensec_tools


@agent
def deep() -> Agent:
    """`deepagent` over the tools of the case. Its report is the case's own, so it has no submit tool.

    Turns that only plan reach no world and cost no step. A case is short: nothing needs to be compacted.
    """
    return deepagent(tools=opensec_tools(), submit=False, memory=False, compaction=None)
