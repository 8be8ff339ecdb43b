import { bannerColours, bannerTones } from '../../model/machine-settings'

/** One style sheet for every self-contained report: light, dark by preference, and print. All colour pairs reach WCAG AA. */
export const pageStyle = `
:root{color-scheme:light dark;--page:#f4f6f8;--card:#fff;--sunken:#f0f3f6;--text:#17212b;--muted:#53606d;--border:#d6dde4;--accent:#0b5cad;
--ok:#17693a;--ok-bg:#e4f4ea;--warn:#855200;--warn-bg:#fdf1d8;--error:#a8201a;--error-bg:#fdeae8;--info:#0b5cad;--info-bg:#e5f0fb;
--s0:#0072b2;--s1:#c24f00;--s2:#00795a;--s3:#a2497d;--s4:#6b5b00;--s5:#555f69}
@media (prefers-color-scheme:dark){:root{--page:#10151a;--card:#171e25;--sunken:#1d262e;--text:#e6ebf0;--muted:#a2afbb;--border:#303b46;--accent:#7cb8f2;
--ok:#7fd6a0;--ok-bg:#14321f;--warn:#f0c069;--warn-bg:#382a0d;--error:#ff9d94;--error-bg:#3f1a18;--info:#8cc3f7;--info-bg:#132c45;
--s0:#56b4e9;--s1:#f08b4b;--s2:#3fc49f;--s3:#dd92bd;--s4:#e0cc4e;--s5:#a8b3bd}}
*{box-sizing:border-box}
html{scroll-padding-top:16px}
body{margin:0;background:var(--page);color:var(--text);font:14px/1.5 Inter,"Segoe UI",system-ui,-apple-system,"Noto Sans","DejaVu Sans",sans-serif;font-variant-numeric:tabular-nums}
a{color:var(--accent);text-underline-offset:2px}
a:focus-visible,summary:focus-visible{outline:3px solid var(--accent);outline-offset:2px;border-radius:3px}
.skip{position:absolute;left:-9999px}.skip:focus{left:16px;top:8px;background:var(--card);padding:8px 12px;z-index:2}
.demo{background:var(--warn-bg);color:var(--warn);border-bottom:1px solid var(--warn);text-align:center;padding:8px 16px;font-weight:600}
${bannerTones.map((tone) => `.mark.${tone}{background:${bannerColours[tone].ground};color:${bannerColours[tone].text}}`).join('')}
.mark{text-align:center;padding:3px 16px;font-weight:700;overflow-wrap:anywhere}
header.top{background:var(--card);border-bottom:1px solid var(--border)}
header.top>div,.body{max-width:1180px;margin:0 auto;padding:0 24px}
header.top>div{padding-top:28px;padding-bottom:22px}
.kind{margin:0 0 4px;color:var(--muted);font-size:12px;letter-spacing:.06em;text-transform:uppercase}
h1{margin:0;font-size:26px;line-height:1.25;font-weight:650;overflow-wrap:anywhere}
.subtitle{margin:6px 0 0;color:var(--muted);max-width:80ch;overflow-wrap:anywhere}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:1px;margin:20px 0 0;background:var(--border);border:1px solid var(--border);border-radius:6px;overflow:hidden}
.facts div{background:var(--card);padding:10px 14px;min-width:0}
.facts dt{color:var(--muted);font-size:12px}.facts dd{margin:2px 0 0;font-size:16px;font-weight:600;overflow-wrap:anywhere}
.facts dd small{display:block;font-size:12px;font-weight:400;color:var(--muted)}
.body{display:grid;grid-template-columns:190px minmax(0,1fr);gap:32px;padding-top:24px;padding-bottom:48px}
nav.contents{position:sticky;top:16px;align-self:start;font-size:13px}
nav.contents ol{list-style:none;margin:0;padding:0;border-left:1px solid var(--border)}
nav.contents a{display:block;padding:4px 0 4px 12px;color:var(--muted);text-decoration:none}nav.contents a:hover{color:var(--accent);text-decoration:underline}
main section{background:var(--card);border:1px solid var(--border);border-radius:8px;padding:20px 24px;margin:0 0 16px}
h2{margin:0 0 4px;font-size:17px;font-weight:620}h3{margin:20px 0 4px;font-size:14px;font-weight:620}
.lead{margin:0 0 14px;color:var(--muted);max-width:80ch}
p{max-width:84ch;margin:0 0 10px;overflow-wrap:anywhere}ul{margin:0 0 10px;padding-left:20px}li{overflow-wrap:anywhere}
.scroll{overflow-x:auto;border:1px solid var(--border);border-radius:6px;margin:8px 0 12px}
table{border-collapse:collapse;width:100%;font-size:13px}caption{text-align:left;padding:8px 12px;color:var(--muted);font-size:12px}
th,td{padding:6px 12px;text-align:left;border-top:1px solid var(--border);vertical-align:top;unicode-bidi:isolate;overflow-wrap:break-word}
td{max-width:60ch}thead th{border-top:0;background:var(--sunken);font-weight:600;white-space:nowrap}caption+thead th{border-top:1px solid var(--border)}
tbody th{font-weight:500}.number{text-align:right;white-space:nowrap}
code,.mono{font-family:"JetBrains Mono",ui-monospace,"Cascadia Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:12px;overflow-wrap:anywhere}
.badge{display:inline-block;border-radius:4px;padding:1px 8px;font-size:12px;font-weight:600;white-space:nowrap}
.badge.ok{color:var(--ok);background:var(--ok-bg)}.badge.warn{color:var(--warn);background:var(--warn-bg)}
.badge.error{color:var(--error);background:var(--error-bg)}.badge.info{color:var(--info);background:var(--info-bg)}
.note{border-left:3px solid var(--info);background:var(--info-bg);padding:10px 14px;border-radius:0 6px 6px 0;margin:0 0 12px}
.note.warn{border-color:var(--warn);background:var(--warn-bg)}.note.error{border-color:var(--error);background:var(--error-bg)}.note p:last-child{margin:0}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,380px),1fr));gap:20px}
figure{margin:0;min-width:0}figcaption{margin:0 0 4px}figcaption b{display:block;font-weight:620}figcaption span{color:var(--muted);font-size:13px}
details{font-size:13px;margin:4px 0 0}summary{cursor:pointer;color:var(--accent);width:max-content;max-width:100%}
.legend{display:flex;flex-wrap:wrap;gap:4px 16px;margin:6px 0 2px;font-size:12px;color:var(--muted)}.legend:empty{display:none}
.swatch{display:inline-block;width:14px;height:10px;border-radius:2px;margin-right:6px;vertical-align:baseline}
.swatch.reference{height:0;border-top:2px dashed var(--muted);border-radius:0;vertical-align:middle}
${[0, 1, 2, 3, 4, 5].map((tone) => `.swatch.s${tone}{background:var(--s${tone})}.series.s${tone}{--tone:var(--s${tone})}`).join('')}
svg.chart{display:block;width:100%;max-width:640px;height:auto;font-size:13px}svg text{fill:var(--muted)}svg .axis-title{fill:var(--text)}
svg .grid line{stroke:var(--border)}svg .axis line{stroke:var(--muted)}
svg .line{fill:none;stroke:var(--tone);stroke-width:2}svg .s1 .line{stroke-dasharray:7 3}svg .s2 .line{stroke-dasharray:2 3}
svg .band{fill:var(--tone);opacity:.18}svg circle,svg rect{fill:var(--tone)}svg .muted rect{opacity:.45}
svg .s1 rect{stroke:var(--card);stroke-width:.5}svg .whisker{fill:none;stroke:var(--text);stroke-width:1.5}
svg .reference{stroke:var(--muted);stroke-width:1.5;stroke-dasharray:5 4}svg .bar-label{fill:var(--text)}
footer{max-width:1180px;margin:0 auto;padding:0 24px 40px;color:var(--muted);font-size:12px}
@media (max-width:860px){.body{grid-template-columns:minmax(0,1fr)}nav.contents{display:none}}
@media print{:root{--page:#fff;--card:#fff;--sunken:#f0f3f6;--text:#000;--muted:#444;--border:#bbb;--accent:#0b5cad;color-scheme:light}
body{font-size:10.5pt}.body{display:block}nav.contents,.skip{display:none}main section{border:0;border-top:1px solid #bbb;border-radius:0;padding:12px 0}
header.top>div,.body,footer{padding-left:0;padding-right:0}footer{padding-bottom:0}
figure,tr,.note{break-inside:avoid}thead,caption{break-after:avoid}figure details{display:none}
header.top{border-bottom:0}main section:first-child{border-top:0}.facts{background:var(--card);gap:0}.facts div{outline:1px solid var(--border);outline-offset:-.5px}h2,h3,figcaption{break-after:avoid}.scroll{overflow:visible}table{font-size:8.5pt}code,.mono{font-size:8pt}th,td{padding:4px 6px}thead th{white-space:normal}summary{display:none}.charts{grid-template-columns:minmax(0,1fr) minmax(0,1fr)}.facts{grid-template-columns:repeat(3,1fr)}details::details-content{content-visibility:visible;display:block;block-size:auto}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
`
  .split('\n')
  .join('')

/** On paper the same page in less room: one sheet of A4 for a decision that is handed over. */
export const denseStyle = `@media print{body{font-size:8.5pt;line-height:1.35}table,.badge,.lead{font-size:8.5pt}
header.top>div{padding-top:0;padding-bottom:6px}h1{font-size:15pt}h2{font-size:11pt}.subtitle{margin-top:2px}
.facts{margin-top:8px}.facts div{padding:4px 10px}.facts dd{font-size:10.5pt}
.body{padding-top:4px;padding-bottom:0}main section{padding:6px 0;margin:0}.lead,p{margin-bottom:4px}
.scroll{margin:4px 0 6px}th,td,caption{padding:2px 8px}}`
  .split('\n')
  .join('')
