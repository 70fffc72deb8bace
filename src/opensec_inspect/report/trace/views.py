"""The view of an episode, whatever its task family: what the page is made of."""

from opensec_inspect.report.logs.sample_records import Record, TaskEpisodeRecord
from opensec_inspect.report.trace.episode_view import EpisodeView, Line, build_view
from opensec_inspect.report.trace.task_view import TaskLine, TaskView, build_task_view

View = EpisodeView | TaskView
AnyLine = Line | TaskLine


def view_of(record: Record) -> View:
    """The view of one episode, finished or still running."""
    return build_task_view(record) if isinstance(record, TaskEpisodeRecord) else build_view(record)
