"""A round as an integer programme: one switch and one whole number of steps for each application."""

from collections.abc import Collection, Sequence
from typing import Any

from finance_net.rounds.round import Limit, Round, limits_of

MOST = 1 << 62
"""Every sum stays below it: the solver wants a bound and its opposite within 64 bits together."""


class Programme:
    """The programme and the best answer so far. `without`: limits, by name, that are left out of it."""

    def __init__(self, asked: Round, without: Collection[str] = ()) -> None:
        """State it; the solver is loaded here."""
        from ortools.sat.python import cp_model  # 0.3 s that reading a bad file need not wait for

        self._cp, self._model = cp_model, cp_model.CpModel()
        self._hints: list[int] = []
        self._bounds = [asked.steps(each) for each in asked.applications]
        self.chosen = [self._model.new_bool_var(f"funded {at}") for at in range(len(self._bounds))]
        self.paid = [self._model.new_int_var(0, max(0, most), "") for _, most in self._bounds]
        for funded, steps, (least, most) in zip(self.chosen, self.paid, self._bounds, strict=True):
            self._model.add(steps >= least * funded)
            self._model.add(steps <= max(0, most) * funded)
            if least > most:
                self._model.add(funded == 0)
        for limit in limits_of(asked):
            if limit.name not in without:
                self._keep_to(limit)
        places = {each.id: at for at, each in enumerate(asked.applications)}
        for needy, needed in sorted(asked.requires):
            if f"requires:{needy}:{needed}" not in without:
                self._model.add(self.chosen[places[needy]] <= self.chosen[places[needed]])

    def _keep_to(self, limit: Limit) -> None:
        counted = self.chosen if limit.counts else self.paid
        over = [weight * counted[at] for at, weight in zip(limit.over, limit.weights(), strict=True)]
        if limit.least is not None:
            self._model.add(sum(over) >= limit.least)
        if limit.most is not None:
            self._model.add(sum(over) <= limit.most)

    def is_feasible(self) -> bool:
        """Whether any selection keeps every limit; the answer becomes the first hint."""
        return self._solve()

    def settle(self, objective: Sequence[tuple[int, Any]]) -> None:
        """Make the weighted sum as large as it can be, and keep it so from now on."""
        weighed = [(weight, variable) for weight, variable in objective if weight]
        if not weighed:
            return
        self._model.maximize(sum(weight * variable for weight, variable in weighed))
        if not self._solve():
            raise AssertionError("an answer was known, and now there is said to be none")
        self._model.clear_objective()  # type: ignore[no-untyped-call]  # ortools has no types here
        # Added up from the answer: the solver tells its objective as a float.
        best = sum(weight * self._hints[variable.index] for weight, variable in weighed)
        self._model.add(sum(weight * variable for weight, variable in weighed) == best)

    def keep(self, at: int) -> None:
        """Leave it funded, or not funded, as it is."""
        self._model.add(self.chosen[at] == int(self.is_funded(at)))

    def raise_to_most(self, at: int) -> None:
        """Pay as much as what was settled leaves; most often it is paid that already."""
        if not self.is_funded(at):
            return
        if self.steps(at) < self._bounds[at][1]:
            self.settle([(1, self.paid[at])])
        else:
            self._model.add(self.paid[at] == self.steps(at))

    def is_funded(self, at: int) -> bool:
        """In the best answer so far."""
        return bool(self._hints[at])

    def steps(self, at: int) -> int:
        """What it is paid in the best answer so far."""
        return int(self._hints[len(self.chosen) + at])

    def _solve(self) -> bool:
        """Keep the best answer as the next hint; False when nothing keeps the limits."""
        solver = self._cp.CpSolver()
        # Strategies beside each other, whatever the machine: one alone can go astray. The answer is unique, so that it is the same.
        solver.parameters.num_workers = 8
        variables = [*self.chosen, *self.paid]
        self._model.clear_hints()  # type: ignore[no-untyped-call]  # as above
        for variable, value in zip(variables, self._hints, strict=False):
            self._model.add_hint(variable, value)
        status = solver.solve(self._model)
        if status == self._cp.INFEASIBLE:
            return False
        if status != self._cp.OPTIMAL:
            raise AssertionError(f"neither an optimum nor a proof that there is none: {status.name}")
        self._hints = [solver.value(variable) for variable in variables]
        return True
