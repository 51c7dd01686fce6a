// node exceljs_resave.cjs SOURCE.xlsx TARGET.xlsx
const ExcelJS = require('exceljs')

async function resave(source, target) {
  const workbook = new ExcelJS.Workbook()
  await workbook.xlsx.readFile(source)
  await workbook.xlsx.writeFile(target)
}

resave(process.argv[2], process.argv[3]).catch((error) => {
  console.error(error)
  process.exit(1)
})
