"""What a browser tells the server about a widget: its state, in the server's terms."""

from dataclasses import dataclass

from streamlit.proto.WidgetStates_pb2 import WidgetState

TRIGGERS = {"button": "trigger_value", "download_button": "trigger_value"}


@dataclass(frozen=True)
class Widget:
    """A widget as the page has drawn it: its kind, its message, its fragment."""

    kind: str
    proto: object
    fragment: str

    @property
    def id(self):
        return self.proto.id


def key_of(widget_id):
    """The key that the page gave to a widget, "" without one."""
    parts = widget_id.split("-", 2)  # $$ID-<hash>-<key>
    return parts[2] if len(parts) == 3 and parts[2] != "None" else ""


def drawn_state(widget):
    """The state of a widget that nobody has touched, or None where it has none."""
    proto = widget.proto
    if widget.kind not in _FIELDS or widget.kind == "tab_container":
        return None
    values = _values(widget.kind, proto)
    return state(widget, values) if values is not None else WidgetState(id=proto.id)


def state(widget, value):
    """The state of a widget with a value: a number, a text, a list of texts."""
    field = _FIELDS.get(widget.kind) or TRIGGERS[widget.kind]
    given = WidgetState(id=widget.id)
    if field.endswith("array_value"):
        getattr(given, field).data.extend(
            value if isinstance(value, (list, tuple)) else [value]
        )
        getattr(given, field).SetInParent()
    elif field == "file_uploader_state_value":
        given.file_uploader_state_value.uploaded_file_info.extend(value)
        given.file_uploader_state_value.SetInParent()
    else:
        setattr(given, field, value)
    return given


def _values(kind, proto):
    """What a page has set the widget to: its default, or what the script wants."""
    if kind == "file_uploader":
        return []
    if kind in ("selectbox", "radio"):
        if proto.set_value:
            return proto.raw_value
        return proto.options[proto.default] if proto.HasField("default") else None
    if kind == "button_group":
        if proto.set_value:
            return list(proto.raw_values)
        return [proto.options[place].content for place in proto.default]
    value = proto.value if proto.set_value else proto.default
    if kind == "slider":
        return list(value)
    if kind == "checkbox" or proto.HasField("value" if proto.set_value else "default"):
        return value
    return None


_FIELDS = {
    "number_input": "double_value",
    "slider": "double_array_value",
    "text_input": "string_value",
    "text_area": "string_value",
    "selectbox": "string_value",
    "radio": "string_value",
    "tab_container": "string_value",
    "button_group": "string_array_value",
    "checkbox": "bool_value",
    "file_uploader": "file_uploader_state_value",
}
