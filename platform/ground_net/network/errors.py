"""What the network refuses."""

from collections.abc import Sequence
from typing import Any

from backbone.errors import Bilingual, Conflict, Forbidden, Invalid


class NodeKeyTaken(Conflict):
    """Another node has this key, open or closed: a key is never given twice."""

    code = "node_key_taken"
    title = Bilingual("节点编码已被使用", "This key belongs to another node")
    detail = Bilingual(
        "编码 {key} 已属于“{name}”，编码不重复使用",
        "The key {key} belongs to “{name}”; no key is given twice",
    )
    advice = Bilingual(
        "请换一个编码，或用 amendNode 修改原节点", "Choose another, or amend that node (amendNode)"
    )


class NodeCycle(Conflict):
    """A move would put a node below itself."""

    code = "node_cycle"
    title = Bilingual("节点不能位于自己之下", "A node cannot stand below itself")
    detail = Bilingual(
        "移动后将形成循环：{path}", "After this move the network would run in a circle: {path}"
    )
    advice = Bilingual(
        "选择不在该节点之下的上级；现状见 showNetwork",
        "Choose a parent that does not stand below it: see showNetwork",
    )


class NodeIsClosed(Conflict):
    """A closed node is history: nothing is done in it, nothing stands below it, and nothing of it is changed."""

    code = "node_closed"
    title = Bilingual("节点已关闭", "The node is closed")
    detail = Bilingual("节点 {key} 已于 {closed_at} 关闭", "The node {key} was closed at {closed_at}")
    advice = Bilingual("请选择开放的节点，或新设节点", "Choose an open node, or open a new one")


class NodeStillNeeded(Conflict):
    """Something open hangs on the node; `kept` names each kind of it with its count."""

    code = "node_still_needed"
    title = Bilingual("节点尚有未了事项，不能关闭", "The node is still needed and cannot be closed")
    detail = Bilingual("节点 {key} 还有：{what}", "The node {key} still has: {what}")
    advice = Bilingual(
        "先移走或关闭下级节点，办结或转出其余事项，再关闭",
        "Move or close what stands below it, finish or hand over the rest, then close it",
    )


class BeyondOperation(Forbidden):
    """Somebody places a node where they have no say: in another zone, or below a node that does not serve it."""

    code = "beyond_operation"
    title = Bilingual("不在您负责的区域内", "This lies beyond your zone")
    detail = Bilingual("{what}", "{what}")
    advice = Bilingual("请由当地运营办理，或报省级运营", "Let the operators there do it, or ask the province")


class NetworkRefused(Invalid):
    """A pattern with faults: every one is named with its place, and nothing of the pattern was written."""

    code = "network_refused"
    title = Bilingual("节点内容有误，未写入任何节点", "The nodes have faults; none was written")
    detail = Bilingual("共 {count} 处有误，见 errors", "{count} thing(s) are wrong, see errors")
    advice = Bilingual("逐项修改后整体重新提交", "Correct each and send the whole again")

    def __init__(self, errors: Sequence[dict[str, Any]]) -> None:
        super().__init__(list(errors))
