// sharp: the large picture from the file, the small one from its pixels. Answers with milliseconds of CPU per photo.
const readline = require("node:readline");
const sharp = require("sharp");

const side = Number(process.argv[2]);
const within = (most) => ({ width: most, height: most, fit: "inside", withoutEnlargement: true });

async function make(photo, folder) {
  const { data, info } = await sharp(photo).rotate().resize(within(side)).raw().toBuffer({ resolveWithObject: true });
  const raw = { width: info.width, height: info.height, channels: info.channels };
  await sharp(data, { raw }).jpeg({ quality: 82 }).toFile(`${folder}/large.jpg`);
  await sharp(data, { raw }).resize(within(400)).jpeg({ quality: 82 }).toFile(`${folder}/small.jpg`);
}

async function serve() {
  sharp.cache(false);
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const before = process.cpuUsage();
    await make(...JSON.parse(line));
    const spent = process.cpuUsage(before);
    console.log((spent.user + spent.system) / 1000);
  }
}

serve();
