import { autosubmit } from "./autosubmit";
import { localFile } from "./local-file";
import { start } from "./start";

start({ autosubmit, "local-file": localFile });
