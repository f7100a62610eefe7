"""What HTTP may say of imports."""

from backbone.fields import Choice, Flag, Identifier, Instant, Schema, Text, Whole
from backbone.files.fields import FileName
from backbone.pages import PageQuery, sort_field
from ground_net.leads.imports.models import STATES
from ground_net.leads.schemas import FORMATS, LONGEST_NODE_KEY


class LeadImportEntry(Schema):
    """Whose leads the file holds; `only_check` says what is wrong and takes none."""

    node = Text(LONGEST_NODE_KEY, required=True)
    name = FileName(required=True)
    only_check = Flag(spelled=True, load_default=False)


class LeadImportView(Schema):
    """How far an import is: rows taken, recorded before, and refused."""

    id = Identifier()
    node_key = Text()
    name = Text()
    sha256 = Text()
    size = Whole()
    only_check = Flag()
    state = Choice(STATES)
    total = Whole(metadata={"description": "总行数；读完文件前为 0 / 0 until the file was read"})
    done = Whole()
    taken = Whole()
    known = Whole(
        metadata={
            "description": "以前导入过或本文件中重复的行数 / recorded before, by an earlier import or twice in this file"
        }
    )
    refused = Whole()
    failure_zh = Text(attribute="failure.zh", dump_default=None)
    failure_en = Text(attribute="failure.en", dump_default=None)
    created_at = Instant()
    ended_at = Instant()
    kept_until = Instant(
        metadata={
            "description": "在此之前可取回被拒的行 / until then the refused rows can be had back as a file"
        }
    )


class FaultQuery(PageQuery):
    """A page of what is wrong."""

    sort = sort_field(["row"], "row")


class FaultView(Schema):
    """What is wrong with one cell, never what it holds."""

    row_number = Whole()
    field = Text()
    column = Text()
    problem_zh = Text()
    problem_en = Text()


class FileQuery(Schema):
    """In which format."""

    format = Choice(FORMATS, load_default="xlsx")
