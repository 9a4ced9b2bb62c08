#include "CPage.h"

// The compiler does not know that this depends on what is embedded: after a change of those files, touch this one. A
// test holds what is served against the files.

#define FILE_BYTES(symbol) symbol, sizeof symbol

static const unsigned char index_html[] = {
#embed "files/index.html"
};
static const unsigned char style_css[] = {
#embed "files/style.css"
};
static const unsigned char icon_svg[] = {
#embed "files/icon.svg"
};
static const unsigned char api_js[] = {
#embed "files/api.js"
};
static const unsigned char dom_js[] = {
#embed "files/dom.js"
};
static const unsigned char drawing_js[] = {
#embed "files/drawing.js"
};
static const unsigned char engine_js[] = {
#embed "files/engine.js"
};
static const unsigned char events_js[] = {
#embed "files/events.js"
};
static const unsigned char hosts_js[] = {
#embed "files/hosts.js"
};
static const unsigned char jobs_js[] = {
#embed "files/jobs.js"
};
static const unsigned char latents_js[] = {
#embed "files/latents.js"
};
static const unsigned char listen_js[] = {
#embed "files/listen.js"
};
static const unsigned char login_js[] = {
#embed "files/login.js"
};
static const unsigned char main_js[] = {
#embed "files/main.js"
};
static const unsigned char mixer_js[] = {
#embed "files/mixer.js"
};
static const unsigned char regions_js[] = {
#embed "files/regions.js"
};
static const unsigned char ruler_js[] = {
#embed "files/ruler.js"
};
static const unsigned char state_js[] = {
#embed "files/state.js"
};
static const unsigned char timeline_js[] = {
#embed "files/timeline.js"
};
static const unsigned char transport_js[] = {
#embed "files/transport.js"
};
static const unsigned char workflow_js[] = {
#embed "files/workflow.js"
};

#define HTML "text/html; charset=utf-8"
#define CSS "text/css; charset=utf-8"
#define SVG "image/svg+xml"
#define JS "text/javascript; charset=utf-8"

static const cg_page_file files[] = {
  {"index.html", HTML, FILE_BYTES(index_html)},
  {"style.css", CSS, FILE_BYTES(style_css)},
  {"icon.svg", SVG, FILE_BYTES(icon_svg)},
  {"api.js", JS, FILE_BYTES(api_js)},
  {"dom.js", JS, FILE_BYTES(dom_js)},
  {"drawing.js", JS, FILE_BYTES(drawing_js)},
  {"engine.js", JS, FILE_BYTES(engine_js)},
  {"events.js", JS, FILE_BYTES(events_js)},
  {"hosts.js", JS, FILE_BYTES(hosts_js)},
  {"jobs.js", JS, FILE_BYTES(jobs_js)},
  {"latents.js", JS, FILE_BYTES(latents_js)},
  {"listen.js", JS, FILE_BYTES(listen_js)},
  {"login.js", JS, FILE_BYTES(login_js)},
  {"main.js", JS, FILE_BYTES(main_js)},
  {"mixer.js", JS, FILE_BYTES(mixer_js)},
  {"regions.js", JS, FILE_BYTES(regions_js)},
  {"ruler.js", JS, FILE_BYTES(ruler_js)},
  {"state.js", JS, FILE_BYTES(state_js)},
  {"timeline.js", JS, FILE_BYTES(timeline_js)},
  {"transport.js", JS, FILE_BYTES(transport_js)},
  {"workflow.js", JS, FILE_BYTES(workflow_js)},
};

const cg_page_file *cg_page_file_at(unsigned long index) {
  return index < sizeof files / sizeof *files ? &files[index] : 0;
}
