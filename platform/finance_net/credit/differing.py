"""In what a scorecard differs from the published shape that it names. Pure."""

from backbone.errors import Bilingual
from finance_net.credit.published import Shape, shapes
from finance_net.credit.scorecard import Scorecard


def differences_from_shape(card: Scorecard) -> list[Bilingual]:
    """In what the card differs from the published shape that it names; empty for one that names none."""
    shape: Shape | None = shapes().get(card.shape or "")
    if shape is None:
        return []
    told = []
    for zh, en, count, wanted in (
        ("指标", "indicators", len(card.indicators), shape.indicators),
        ("维度", "dimensions", len(card.dimensions), shape.dimensions),
    ):
        if count != wanted:
            told.append(
                Bilingual(f"{zh} {count} 项，已公布为 {wanted} 项", f"{count} {en}; {wanted} were published")
            )
    if shape.groups and (stages := tuple(group.title.zh for group in card.groups)) != shape.groups:
        found, published = "、".join(stages), "、".join(shape.groups)
        told.append(
            Bilingual(f"分组为 {found}，已公布为 {published}", f"groups {found}; {published} were published")
        )
    names = {title.zh for title in card.dimensions.values()}
    if strangers := sorted(names - set(shape.dimension_names)) if shape.dimension_names else []:
        said = "、".join(strangers)
        told.append(
            Bilingual(
                f"维度 {said} 不在已公布名称中", f"the dimensions {said} are not among the published names"
            )
        )
    return told
