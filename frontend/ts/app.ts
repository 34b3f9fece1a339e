import { assessing } from "./assessing";
import { autosave } from "./autosave";
import { autosubmit } from "./autosubmit";
import { bulkBar } from "./bulk-bar";
import { dialog } from "./dialog";
import { leftAfter } from "./left-after";
import { localFile } from "./local-file";
import { map, mapEditor } from "./map";
import { mask } from "./mask";
import { order } from "./order";
import { slider } from "./slider";
import { start } from "./start";
import { tally } from "./tally";
import { unsaved } from "./unsaved";
import { watch } from "./watch";

start({ assessing, autosave, autosubmit, "bulk-bar": bulkBar, dialog, "left-after": leftAfter, "local-file": localFile, map, "map-editor": mapEditor, mask, order, slider, tally, unsaved, watch });
