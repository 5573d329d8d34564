"use strict";

// the page's own requests carry the session's cookie; the header says that they are ours
SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#reference",
  deepLinking: true,
  docExpansion: "none",
  filter: true,
  persistAuthorization: false,
  validatorUrl: null,
  requestInterceptor: (request) => {
    request.headers["X-Seiketsu-CSRF"] = "1";
    return request;
  },
});
