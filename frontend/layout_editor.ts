import { openEditor } from "./layout_editor/editor";

openEditor();
