// stix.mjs MODULES BUNDLE...: each observable has the id that a public library reckons for it (npm: @security-alliance/stix), and each
// object of a kind whose type that library declares in full is of that type (npm: typescript). Exit 1 and a line for each that is not.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";

const [modules, ...files] = process.argv.slice(2);
const library = modules + "/@security-alliance/stix/dist/2.1/";
const { generateDeterministicId } = await import(pathToFileURL(library + "index.js"));
const ts = createRequire(pathToFileURL(modules + "/"))(modules + "/typescript");
const defining = {
  "email-addr": (o) => ({ value: o.value }), url: (o) => ({ value: o.value }), "domain-name": (o) => ({ value: o.value }),
  "ipv4-addr": (o) => ({ value: o.value }), "ipv6-addr": (o) => ({ value: o.value }), file: (o) => ({ hashes: o.hashes, name: o.name }),
  "email-message": (o) => ({ from_ref: o.from_ref, subject: o.subject }), "payment-address": (o) => ({ kind: o.kind, value: o.value }),
};
const types = { identity: "Identity", indicator: "Indicator", "marking-definition": "TLPMarkingDefinition", url: "Url", "domain-name": "DomainName",
  "ipv4-addr": "IPv4Addr", "ipv6-addr": "IPv6Addr" };
let bad = 0, ids = 0, typed = 0;
const say = (text) => { console.log(text); bad++; };
const folder = mkdtempSync(modules + "/stix-"), source = folder + "/bundle.ts";
let text = `import type * as S from ${JSON.stringify(library + "types.js")};\n`;
for (const file of files)
  for (const o of JSON.parse(readFileSync(file)).objects) {
    if (defining[o.type]) {
      const props = defining[o.type](o);
      for (const k in props) if (props[k] === undefined) delete props[k];
      ids++;
      if (generateDeterministicId(o.type, props) !== o.id) say(`${file}: ${o.id} is not ${generateDeterministicId(o.type, props)}`);
    }
    if (types[o.type]) text += `export const o${typed++}: S.${types[o.type]} = ${JSON.stringify(o)};\n`;
  }
writeFileSync(source, text);
const program = ts.createProgram([source], { noEmit: true, strict: true, skipLibCheck: true, module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext, target: ts.ScriptTarget.ES2022, types: [] });
for (const d of ts.getPreEmitDiagnostics(program)) say(ts.flattenDiagnosticMessageText(d.messageText, "\n"));
rmSync(folder, { recursive: true });
console.log(`${ids} ids, ${typed} objects`);
process.exit(bad > 0 || ids === 0 || typed === 0 ? 1 : 0);
