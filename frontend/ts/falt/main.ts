import { App, type Draw } from "./app";
import { begin as beginWorker } from "./fresh";
import { pairs, samePicture } from "./pages/before-after";
import { details } from "./pages/details";
import { draw } from "./pages/draw";
import { end } from "./pages/end";
import { emptied } from "./pages/emptied";
import { fetchWalk } from "./pages/fetch";
import { gone } from "./pages/gone";
import { handOverPage } from "./pages/hand-over";
import { home } from "./pages/home";
import { bin } from "./pages/bin";
import { drafts, ledgerPage, observations, refusal, withoutWalk } from "./pages/lists";
import { position } from "./pages/position";
import { reviewOne, reviews } from "./pages/review";
import { roomPage } from "./pages/room";
import { saved } from "./pages/saved";
import { settings, signOut } from "./pages/settings";
import { signIn } from "./pages/sign-in";
import { sort } from "./pages/sort";
import { newVersion } from "./pages/version";
import { stop, walk, without } from "./pages/walk";
import { sweep } from "./sweep";
import { _, speak } from "./texts";

const UID = "([0-9a-f-]{36})";

/** The pages of the app, by address. */
const PAGES: [RegExp, Draw][] = [
  [/^\/falt$/, home],
  [/^\/falt\/logga-in$/, signIn],
  [/^\/falt\/logga-ut$/, signOut],
  [new RegExp(`^/falt/hamta/${UID}$`), fetchWalk],
  [new RegExp(`^/falt/vandring/${UID}$`), walk],
  [new RegExp(`^/falt/vandring/${UID}/stopp/(\\d+)$`), stop],
  [new RegExp(`^/falt/vandring/${UID}/iakttagelser$`), observations],
  [new RegExp(`^/falt/vandring/${UID}/fore-efter$`), pairs],
  [new RegExp(`^/falt/vandring/${UID}/samma-bild/${UID}$`), samePicture],
  [new RegExp(`^/falt/vandring/${UID}/avsluta$`), end],
  [new RegExp(`^/falt/ny/(utan|${UID})$`), without],
  [new RegExp(`^/falt/sort/${UID}$`), sort],
  [new RegExp(`^/falt/sparad/${UID}$`), saved],
  [new RegExp(`^/falt/sedd/${UID}$`), details],
  [new RegExp(`^/falt/nej/${UID}$`), refusal],
  [new RegExp(`^/falt/lage/${UID}$`), position],
  [new RegExp(`^/falt/rita/${UID}$`), draw],
  [/^\/falt\/utan-vandring$/, withoutWalk],
  [/^\/falt\/utkast$/, drafts],
  [/^\/falt\/sandlista$/, ledgerPage],
  [/^\/falt\/overlamna$/, handOverPage],
  [/^\/falt\/granska$/, reviews],
  [new RegExp(`^/falt/granska/${UID}$`), reviewOne],
  [/^\/falt\/papperskorg$/, bin],
  [/^\/falt\/plats$/, roomPage],
  [/^\/falt\/installningar$/, settings],
  [/^\/falt\/ny-version$/, newVersion],
  [/^\/falt\/tomd$/, emptied],
  [/^/, async () => gone(_("Sidan finns inte"), "/falt", _("Hem"))],
];

async function run(): Promise<void> {
  const language = document.documentElement.lang;
  if (language !== "sv") {
    const texts = await fetch(`/falt/texter-${language}.json`).catch(() => null);
    if (texts?.ok) speak((await texts.json()) as Record<string, string>);
  }
  const app = new App(PAGES);
  await app.begin();
  await beginWorker(app);
  await sweep(app);
}

void run();
