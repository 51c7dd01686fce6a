// node exceljs_type.cjs SOURCE.xlsx TARGET.xlsx '{"表三": {"D5": 12}}': a script that puts numbers in and calculates nothing
const ExcelJS = require('exceljs')

async function type(source, target, cells) {
  const workbook = new ExcelJS.Workbook()
  await workbook.xlsx.readFile(source)
  for (const [sheet, values] of Object.entries(cells)) {
    for (const [address, value] of Object.entries(values)) workbook.getWorksheet(sheet).getCell(address).value = value
  }
  await workbook.xlsx.writeFile(target)
}

type(process.argv[2], process.argv[3], JSON.parse(process.argv[4])).catch((error) => {
  console.error(error)
  process.exit(1)
})
