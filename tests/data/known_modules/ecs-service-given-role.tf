variable "containers" {}

module "answers" {
  source                 = "terraform-aws-modules/ecs/aws//modules/service"
  family                 = "answers"
  create_tasks_iam_role  = false
  tasks_iam_role_arn     = "arn:aws:iam::111122223333:role/answers"
  task_exec_iam_role_arn = "arn:aws:iam::111122223333:role/start"
  container_definitions  = var.containers
}
