import SwaggerUI from "swagger-ui-dist/swagger-ui-es-bundle.js";

/** The page says where its OpenAPI document lies: `<div id="api-docs" data-url="/api/openapi.json">`. */
const place = document.querySelector<HTMLElement>("#api-docs");
if (place) {
  SwaggerUI({
    domNode: place,
    url: place.dataset["url"] ?? "/api/openapi.json",
    deepLinking: true,
    onComplete: () => {
      for (const main of place.querySelectorAll("main")) main.setAttribute("role", "group"); // the page has one already
    },
    validatorUrl: null, // nothing is sent to anybody else
    requestInterceptor: (request) => {
      const token = place.dataset["csrf"];
      if (token) request.headers["X-CSRF-Token"] = token;
      return request;
    },
  });
}
