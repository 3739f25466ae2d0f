function n(r){let e=[];return function(c){return e.push({url:c,at:new Date}),r&&e.length>100&&e.shift(),e.length}}var o=require("node:http");function s(r){let e=(0,o.createServer)(r);e.listen(Number(process.env.PORT||0),"127.0.0.1",()=>{console.log(`listening on http://127.0.0.1:${e.address().port}/`)})}var i=n(!1),l=new Map;s((r,e)=>{let t=i(r.url);l.set(`${r.url}#${t}`,{html:`<h1>${t}</h1>`}),e.end(`${t} views
`)});
//# sourceMappingURL=leaky.js.map
