"""Values as runs have them: yes/no or spread, some undefined, in clusters of uneven size."""

from hypothesis import strategies as st

yes_no = st.sampled_from([0, 1])
undefined = st.sampled_from([None, float("nan")])
spread = st.floats(min_value=-20, max_value=20, allow_nan=False).map(lambda value: round(value, 3))
cluster_names = st.sampled_from(["a", "b", "c", "d", "e", "f"])

yes_no_rows = st.lists(st.tuples(yes_no | undefined, cluster_names), min_size=1, max_size=60)
"""Rows (value, cluster)."""

fifty_means = st.lists(spread, min_size=50, max_size=50)
"""One value per scenario, enough of them for a bootstrap."""

fifty_pairs = st.lists(st.tuples(yes_no, yes_no), min_size=50, max_size=50)
"""One pair of yes/no values per scenario."""
