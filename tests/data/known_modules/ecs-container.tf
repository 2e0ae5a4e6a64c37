module "web" {
  source          = "cloudposse/ecs-container-definition/aws"
  container_name  = "web"
  container_image = "answers:4"
  map_environment = { MODEL_ID = "amazon.nova-lite-v1:0" }
}

module "listed" {
  source          = "cloudposse/ecs-container-definition/aws"
  container_name  = "listed"
  container_image = "answers:4"
  environment     = [{ name = "LEVEL", value = "info" }]
}

resource "aws_ecs_task_definition" "web" {
  family                = "web"
  container_definitions = module.web.json_map_encoded_list
}

resource "aws_ecs_task_definition" "listed" {
  family                = "listed"
  container_definitions = jsonencode([module.listed.json_map_object])
}
