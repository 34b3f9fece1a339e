import { localFile } from "./local-file";
import { position } from "./position";
import { saveLabel } from "./save-label";
import { start } from "./start";

start({ "local-file": localFile, position, "save-label": saveLabel });
