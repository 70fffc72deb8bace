"""The limits of one statement: which time counts, and what was taken before."""

import threading
import time

from opensec_inspect.core.sql.guard import CPU_S, VM_BUDGET, Budget, Work


def burn() -> None:
    """Use up a statement's processor time, and a little more."""
    end = time.thread_time() + CPU_S + 0.05
    while time.thread_time() < end:
        pass


def test_only_processor_time_of_its_own_thread_ends_a_statement() -> None:
    """On a loaded machine a statement is ended by its budget, as anywhere: answers are the same bytes."""
    budget = Budget(Work())
    busy = threading.Thread(target=burn)

    busy.start()
    busy.join()
    beside_another = (budget.tick(), budget.clock)
    burn()

    assert beside_another == (0, False)
    assert (budget.tick(), budget.clock) == (1, True)


def test_a_statement_may_take_no_more_than_is_left_of_what_it_shares() -> None:
    shared = Work(VM_BUDGET // 100)

    ticks = next(number for number in range(VM_BUDGET) if Budget(shared).tick())
    last = Budget(shared)

    assert ticks < VM_BUDGET // 1000
    assert (last.tick(), last.clock) == (1, False)
