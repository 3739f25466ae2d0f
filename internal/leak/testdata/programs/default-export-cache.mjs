export default new Map(); // <- export-default
