module "c" {
  source          = "squidfunk/api-gateway-enable-cors/aws"
  api_id          = "a1"
  api_resource_id = "r1"
}
