// As the desktop app would: reads copy.json in the folder it is given, then the files it names; or single files.
// Prints {path: rows} as JSON, instants and days as ISO 8601.
const fs = require("node:fs");
const path = require("node:path");
const { parquetReadObjects } = require("hyparquet");
const { compressors } = require("hyparquet-compressors");

function asBuffer(file) {
  const bytes = fs.readFileSync(file);
  return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
}

function told(name, value) {
  if (typeof value === "bigint") return Number(value);
  if (value instanceof Date) {
    const text = value.toISOString();
    return /(^|_)day$/.test(name) ? text.slice(0, 10) : text.replace(".000Z", "+00:00");
  }
  return value === undefined ? null : value;
}

async function rows(file) {
  const found = await parquetReadObjects({ file: asBuffer(file), compressors });
  return found.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, told(name, value)])));
}

async function main(places) {
  const read = {};
  for (const place of places) {
    const files = fs.statSync(place).isDirectory()
      ? JSON.parse(fs.readFileSync(path.join(place, "copy.json"), "utf8")).files.map((f) => path.join(place, f.path))
      : [place];
    for (const file of files) read[file] = await rows(file);
  }
  process.stdout.write(JSON.stringify(read));
}

main(process.argv.slice(2)).catch((error) => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
