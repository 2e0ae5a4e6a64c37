variable "policies" {}

module "ecs" {
  source       = "terraform-aws-modules/ecs/aws"
  cluster_name = "answers"

  services = {
    answers = {
      container_definitions   = { web = { image = "answers:4" } }
      tasks_iam_role_policies = var.policies
    }
    other = {
      create_task_definition = false
      task_definition_arn    = "arn:aws:ecs:eu-west-1:111122223333:task-definition/other"
    }
  }
}
