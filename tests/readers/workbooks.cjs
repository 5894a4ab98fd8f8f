// Prints what other programs' readers find in workbooks: {file: {reader: {sheet: rows of texts and numbers}}}.
const ExcelJS = require("exceljs");
const SheetJS = require("xlsx");

const plain = (value) => (value === undefined || value === null ? "" : value.richText ? value.richText.map((one) => one.text).join("") : value);
const rowOf = (row) => Array.from({ length: row.cellCount }, (_, place) => plain(row.getCell(place + 1).value));

async function exceljs(file) {
  const book = new ExcelJS.Workbook(), found = {};
  await book.xlsx.readFile(file);
  book.eachSheet((sheet) => {
    found[sheet.name] = [];
    sheet.eachRow({ includeEmpty: true }, (row) => found[sheet.name].push(rowOf(row)));
  });
  return found;
}

// Reads the package while it arrives, never its table of contents at the end.
async function exceljsStreaming(file) {
  const rows = [];
  for await (const sheet of new ExcelJS.stream.xlsx.WorkbookReader(file, { sharedStrings: "cache", worksheets: "emit", styles: "cache" })) {
    for await (const row of sheet) rows.push(rowOf(row));
  }
  return { "": rows };
}

function sheetjs(file) {
  const { SheetNames, Sheets } = SheetJS.readFile(file);
  return Object.fromEntries(SheetNames.map((name) => [name, SheetJS.utils.sheet_to_json(Sheets[name], { header: 1, defval: "" })]));
}

(async () => {
  const found = {};
  for (const file of process.argv.slice(2)) {
    found[file] = { exceljs: await exceljs(file), streaming: await exceljsStreaming(file), sheetjs: sheetjs(file) };
  }
  console.log(JSON.stringify(found));
})();
