// leak: c 1 module variable
const { serve } = require("./serve.js");

const c=[];const d=(a,b)=>{c.push({u:a.url});b.end("ok\n")};serve(d); // <- c
