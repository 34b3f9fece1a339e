/** The few options of swagger-ui that our page uses; the package brings no types. */
declare module "swagger-ui-dist/swagger-ui-es-bundle.js" {
  interface Options {
    domNode: HTMLElement;
    url: string;
    deepLinking: boolean;
    onComplete?: () => void;
    validatorUrl: null;
    requestInterceptor(request: { headers: Record<string, string> }): unknown;
  }
  export default function SwaggerUI(options: Options): void;
}
