variable "value" { type = string }

variable "label" { default = "none" }

variable "other" {
  default  = "fallback"
  nullable = false
}

output "result" {
  value = { value = var.value, label = var.label, other = var.other, where = path.module }
}
